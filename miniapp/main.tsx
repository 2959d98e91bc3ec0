import { render } from 'preact'
import { CasePage } from './pages/case.tsx'

const subject = /^\/c\/([a-z]{3}_[0-9a-z]{10,40})$/.exec(location.pathname)?.[1] ?? ''
const root = document.getElementById('app')
if (root) render(<CasePage subject={subject} />, root)
