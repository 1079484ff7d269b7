import React, { useRef } from 'react';

const STEP = 16;

/** The edge of a column: dragged, or moved by arrow keys, it gives the column another width in pixels. */
export function ColumnWidth(props: {
  readonly label: string;
  readonly width: number;
  onWidth: (width: number) => void;
}): JSX.Element {
  const { label, width, onWidth } = props;
  const begun = useRef<{ readonly x: number; readonly width: number } | null>(null);
  return (
    <span
      className="jp-modelmgmt-Comparison-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={event => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { x: event.clientX, width };
      }}
      onPointerMove={event => {
        if (begun.current) {
          onWidth(begun.current.width + event.clientX - begun.current.x);
        }
      }}
      onPointerUp={() => {
        begun.current = null;
      }}
      onKeyDown={event => {
        const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (step) {
          event.preventDefault();
          onWidth(width + step);
        }
      }}
    />
  );
}
