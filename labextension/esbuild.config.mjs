// Builds the widgets: for each an ES module with React inside and a style sheet, for anywidget.
import { build } from 'esbuild';

await build({
  entryPoints: {
    board: 'src/widget/board.tsx',
    compare: 'src/widget/compare.tsx',
    deployment: 'src/widget/deployment.tsx',
    lineage: 'src/widget/lineage.tsx',
    models: 'src/widget/models.tsx',
    register: 'src/widget/register.tsx',
    test: 'src/widget/test.tsx'
  },
  // Widgets run where JupyterLab's packages are not.
  alias: {
    '@jupyterlab/coreutils': './src/widget/lab.tsx',
    // Laying out in layers is enough here, and ELK weighs more than all of a widget may.
    'elkjs/lib/elk.bundled.js': './src/widget/layers.ts',
    '@jupyterlab/ui-components': './src/widget/lab.tsx'
  },
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
