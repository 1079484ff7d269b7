import { type IDisposable } from '@lumino/disposable';
import React, { useLayoutEffect, useRef } from 'react';

/** Puts the Markdown `text` into `host`; disposing the answer takes it away again. */
export type RenderMarkdown = (text: string, host: HTMLElement) => IDisposable;

/** A text of the user's, as Markdown where something renders it. */
export function Markdown(props: {
  readonly text: string;
  readonly render: RenderMarkdown | null;
}): JSX.Element {
  const { text, render } = props;
  const host = useRef<HTMLDivElement>(null);
  // Before React takes the host away: Lumino takes its widgets out of the document itself.
  useLayoutEffect(() => {
    if (!render || !host.current) {
      return;
    }
    const rendered = render(text, host.current);
    return () => rendered.dispose();
  }, [text, render]);
  if (!render) {
    return <p className="jp-modelmgmt-Details-text">{text}</p>;
  }
  return <div ref={host} className="jp-modelmgmt-Markdown" />;
}
