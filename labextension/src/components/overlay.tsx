import React from 'react';

import { groupedLabels } from '../predictions';
import { type IBox, type IMask, type IPrediction } from '../types';

/** The boxes of a prediction, as large as the image that it lies over. */
export function BoxOverlay(props: { readonly prediction: IPrediction }): JSX.Element {
  const { boxes, width = 0, height = 0 } = props.prediction;
  const groups = groupedLabels(props.prediction) ?? [];
  const colorOf = (box: IBox) => groups.find(group => group.label === box.label)?.color ?? '';
  return (
    <svg
      className="jp-modelmgmt-Overlay"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {boxes?.map((box, i) => (
        <BoxShape key={i} box={box} color={colorOf(box)} unit={Math.max(width, height)} />
      ))}
    </svg>
  );
}

/** `unit` is the longer side of the image: text and lines keep their size on any image. */
function BoxShape(props: {
  readonly box: IBox;
  readonly color: string;
  readonly unit: number;
}): JSX.Element {
  const { box, color } = props;
  const [x0, y0, x1, y1] = box.box;
  const size = props.unit / 40;
  const text = `${box.label} ${Math.round(box.score * 100)} %`;
  // A box at the upper edge carries its label inside.
  const top = y0 < 1.4 * size ? y0 : y0 - 1.4 * size;
  return (
    <g className="jp-modelmgmt-Box" data-label={box.label}>
      <rect
        x={x0}
        y={y0}
        width={x1 - x0}
        height={y1 - y0}
        fill="none"
        stroke={color}
        strokeWidth={size / 6}
      />
      <rect x={x0} y={top} width={0.62 * size * text.length} height={1.4 * size} fill={color} />
      <text x={x0 + 0.3 * size} y={top + size} fontSize={size} fill="black">
        {text}
      </text>
    </g>
  );
}

/** A mask in the colours of its own palette; what is no label is transparent in it. */
export function MaskOverlay(props: {
  readonly mask: IMask;
  readonly opacity: number;
}): JSX.Element {
  const { mask, opacity } = props;
  return (
    <img
      className="jp-modelmgmt-Overlay"
      style={{ opacity }}
      src={`data:image/png;base64,${mask.png}`}
      alt={Object.keys(mask.share).join(', ')}
    />
  );
}

/** What a prediction draws over its image. */
export function PredictionOverlay(props: {
  readonly prediction: IPrediction;
  readonly opacity: number;
}): JSX.Element | null {
  const { prediction, opacity } = props;
  if (prediction.mask) {
    return <MaskOverlay mask={prediction.mask} opacity={opacity} />;
  }
  return prediction.boxes?.length ? <BoxOverlay prediction={prediction} /> : null;
}
