import { defineConfig } from 'vite'

/**
 * One page, one script, one style sheet, served by the service itself at `/c/<subject>`. Nothing is inlined, because the pages forbid inline scripts and
 * styles. The target is what the oldest chat containers still in use bring: Android WebView 80 and iOS 14.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome80', 'safari14'],
    cssTarget: ['chrome80', 'safari14'],
  },
})
