import React, { type KeyboardEvent, type ReactNode } from 'react';

import { useUniqueId } from './id';
export interface ITab<K extends string> {
  readonly key: K;
  readonly label: string;
}

/** Tabs after the WAI-ARIA pattern: arrow keys move, the shown panel follows. */
export function Tabs<K extends string>(props: {
  readonly label: string;
  readonly tabs: readonly ITab<K>[];
  readonly current: K;
  readonly children: ReactNode;
  onSelect: (key: K) => void;
}): JSX.Element {
  const { tabs, current, onSelect } = props;
  const id = useUniqueId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) {
      return;
    }
    const position = tabs.findIndex(tab => tab.key === current);
    const next = tabs[(position + step + tabs.length) % tabs.length]!;
    onSelect(next.key);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <>
      <div
        className="jp-modelmgmt-Tabs"
        role="tablist"
        aria-label={props.label}
        onKeyDown={onKeyDown}
      >
        {tabs.map(tab => (
          <button
            key={tab.key}
            id={`${id}-${tab.key}`}
            className="jp-modelmgmt-Tab"
            role="tab"
            type="button"
            data-tab={tab.key}
            aria-selected={tab.key === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === current ? 0 : -1}
            onClick={() => onSelect(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        className="jp-modelmgmt-TabPanel"
        role="tabpanel"
        aria-labelledby={`${id}-${current}`}
      >
        {props.children}
      </div>
    </>
  );
}
