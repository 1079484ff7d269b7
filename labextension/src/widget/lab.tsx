import React, { type ButtonHTMLAttributes, type SelectHTMLAttributes } from 'react';

/**
 * What the components take from JupyterLab, for widgets: these run where Lab's packages are not,
 * and bundling all of them would weigh megabytes. The bundler puts this file in their place.
 */

export function Button(
  props: ButtonHTMLAttributes<HTMLButtonElement> & {
    readonly minimal?: boolean;
    readonly small?: boolean;
  }
): JSX.Element {
  const { minimal, small, className = '', ...others } = props;
  const kind = minimal ? 'jp-mod-minimal' : 'jp-mod-styled';
  return (
    <button
      type="button"
      className={`jp-Button ${kind} ${className}`}
      data-small={small}
      {...others}
    />
  );
}

export function HTMLSelect(props: SelectHTMLAttributes<HTMLSelectElement>): JSX.Element {
  return (
    <span className="jp-HTMLSelect">
      <select {...props} />
    </span>
  );
}

function icon(path: string) {
  return {
    react: (): JSX.Element => (
      <svg width="16" height="16" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        <path d={path} />
      </svg>
    )
  };
}

export const caretDownIcon = icon('M7 10l5 5 5-5z');
export const caretRightIcon = icon('M10 7l5 5-5 5z');
export const filterIcon = icon('M4 5h16l-6 8v6l-4-2v-4z');

/** Times as `@jupyterlab/coreutils` writes them. */
export const Time = {
  format: (value: Date): string => value.toLocaleString(),
  formatHuman: (value: Date): string => {
    const seconds = (value.getTime() - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
    const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' });
    return format.format(Math.round(seconds / size), unit);
  }
};

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31557600],
  ['month', 2629800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60]
];
