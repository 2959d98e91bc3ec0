import { defineConfig } from 'vite'

/** One small page of Preact, served by the sandbox itself. Build with `vite build sandbox/page`. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
})
