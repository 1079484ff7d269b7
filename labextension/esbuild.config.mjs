// Builds the comparison widget: one ES module with React inside and one style sheet, for anywidget.
import { build } from 'esbuild';

await build({
  entryPoints: { compare: 'src/widget/compare.tsx' },
  outdir: '../jupyter_modelmgmt/widgets/static',
  bundle: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  format: 'esm',
  jsx: 'transform',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  target: 'es2020'
});
