import { useState } from 'react';

// React's own `useId` counts anew in every root, and each widget of Lab and each comparison in a
// cell is a root: their labels would point at one another's fields.
const PREFIX = `jp-modelmgmt-${Math.random().toString(36).slice(2)}`;
let count = 0;

/** An id that no other element of the document has. */
export function useUniqueId(): string {
  return useState(() => `${PREFIX}-${count++}`)[0];
}
