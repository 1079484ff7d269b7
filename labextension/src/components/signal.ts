import { type ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useReducer, useSyncExternalStore } from 'react';

/** What `read` gives now, read again whenever `signal` emits. */
export function useSignal<S, T>(signal: ISignal<S, unknown>, read: () => T): T {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const slot = () => onChange();
      signal.connect(slot);
      return () => {
        signal.disconnect(slot);
      };
    },
    [signal]
  );
  return useSyncExternalStore(subscribe, read);
}

/** Draws the component again whenever `signal` emits. */
export function useRedraw<S>(signal: ISignal<S, unknown>): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const slot = () => redraw();
    signal.connect(slot);
    // What changed between drawing and connecting.
    redraw();
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}
