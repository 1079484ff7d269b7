import React from 'react';

export interface ITickProps {
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
  readonly value: boolean;
  /** Whether some are and some are not, of those that the box stands for. */
  readonly isPartly?: boolean;
  onChange: (value: boolean) => void;
}

/** A box that is ticked or not, with its label behind it. */
export function Tick(props: ITickProps): JSX.Element {
  return (
    <label title={props.title} className={props.className}>
      <input
        ref={box => {
          if (box) {
            box.indeterminate = props.isPartly ?? false;
          }
        }}
        type="checkbox"
        checked={props.value}
        onChange={event => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}
