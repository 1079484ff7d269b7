import { type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';

import { type RenderMarkdown } from '../components/markdown';

const MIME_TYPE = 'text/markdown';

/** Renders as Lab does in notebooks, without trust: no script and no style of the author's. */
export function markdownRenderer(rendermime: IRenderMimeRegistry): RenderMarkdown {
  return (text, host) => {
    const renderer = rendermime.createRenderer(MIME_TYPE);
    Widget.attach(renderer, host);
    void renderer.renderModel(
      rendermime.createModel({ data: { [MIME_TYPE]: text }, trusted: false })
    );
    return renderer;
  };
}
