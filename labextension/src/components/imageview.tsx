import { Button } from '@jupyterlab/ui-components';
import React, { type CSSProperties, type ReactNode, useEffect, useState } from 'react';

import { pan } from './panning';
import { type ITranslate } from './props';

/** `fit` shows the whole image, a very small one enlarged; a number is a zoom factor. */
type Zoom = 'fit' | number;

const SMALLEST_WIDTH = 256;

const STEP = 1.25;

/** An image with overlays and the usual zoom buttons; a large one is moved by dragging it. */
export function ImageView(props: {
  readonly image: File;
  readonly trans: ITranslate;
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}): JSX.Element {
  const { image, trans } = props;
  const url = useObjectUrl(image);
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [size, setSize] = useState<readonly [number, number] | null>(null);
  const [isDrawable, setDrawable] = useState(true);
  useEffect(() => {
    setDrawable(true);
    setSize(null);
  }, [image]);
  const factor = zoom === 'fit' ? 1 : zoom;
  return (
    <figure className="jp-modelmgmt-Image">
      <figcaption className="jp-modelmgmt-Image-bar">
        <span className="jp-modelmgmt-Image-name" title={image.name}>
          {image.name}
        </span>
        {size && (
          <span className="jp-modelmgmt-muted">
            {size[0]} × {size[1]}
          </span>
        )}
        {props.tools}
        <span className="jp-modelmgmt-Image-zoom">
          <Button
            minimal
            small
            aria-label={trans.__('Zoom out')}
            onClick={() => setZoom(Math.max(0.1, factor / STEP))}
          >
            −
          </Button>
          <span>{zoom === 'fit' ? trans.__('fit') : `${Math.round(100 * zoom)} %`}</span>
          <Button
            minimal
            small
            aria-label={trans.__('Zoom in')}
            onClick={() => setZoom(Math.min(8, factor * STEP))}
          >
            +
          </Button>
          <Button minimal small aria-pressed={zoom === 'fit'} onClick={() => setZoom('fit')}>
            {trans.__('Fit')}
          </Button>
          <Button minimal small aria-pressed={zoom === 1} onClick={() => setZoom(1)}>
            100 %
          </Button>
        </span>
      </figcaption>
      <div className="jp-modelmgmt-Image-scroller" onMouseDown={pan}>
        {isDrawable && url ? (
          <div className="jp-modelmgmt-Image-frame" data-fit={zoom === 'fit'}>
            <img
              src={url}
              alt={image.name}
              style={size ? imageStyle(zoom, size[0]) : undefined}
              onLoad={event => {
                const { naturalWidth, naturalHeight } = event.currentTarget;
                setSize([naturalWidth, naturalHeight]);
              }}
              onError={() => setDrawable(false)}
            />
            {size && props.children}
          </div>
        ) : (
          <p className="jp-modelmgmt-muted">
            {trans.__('The browser cannot draw this file; the model may still read it.')}
          </p>
        )}
      </div>
    </figure>
  );
}

function imageStyle(zoom: Zoom, width: number): CSSProperties {
  return zoom === 'fit'
    ? { minWidth: Math.min(SMALLEST_WIDTH, 32 * width) }
    : { width: width * zoom };
}

/** A URL under which the browser finds a file, given back when it is no longer shown. */
function useObjectUrl(file: File): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
