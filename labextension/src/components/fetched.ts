import { useEffect, useState } from 'react';

import { type Fetched, messageOf } from '../model/resource';

const LOADING = { kind: 'loading' } as const;

/** What `read` gives, asked again when `read` is another function; an older answer is dropped. */
export function useFetched<T>(read: () => Promise<T>): Fetched<T> {
  const [state, setState] = useState<Fetched<T>>(LOADING);
  useEffect(() => {
    let current = true;
    setState(LOADING);
    read().then(
      value => current && setState({ kind: 'ready', value }),
      error => current && setState({ kind: 'failed', message: messageOf(error) })
    );
    return () => {
      current = false;
    };
  }, [read]);
  return state;
}
