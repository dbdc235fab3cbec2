import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'chrome100',
    // The pages run under `default-src 'self'`: nothing may become a data: address or an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rollupOptions: {
      input: Object.fromEntries(['wall', 'desk', 'login'].map((page) => [page, fileURLToPath(new URL(`${page}.html`, import.meta.url))])),
    },
  },
});
