import { type MouseEvent as ReactMouseEvent } from 'react';

/** Lets what scrolls in the node that was pressed follow the mouse until it is let go. */
export function pan(event: ReactMouseEvent<HTMLElement>): void {
  if (event.button !== 0) {
    return;
  }
  event.preventDefault(); // the browser would drag the image away
  const node = event.currentTarget;
  const { clientX, clientY } = event;
  const { scrollLeft, scrollTop } = node;
  const move = (moved: MouseEvent) => {
    node.scrollLeft = scrollLeft + clientX - moved.clientX;
    node.scrollTop = scrollTop + clientY - moved.clientY;
  };
  const stop = () => {
    document.removeEventListener('mousemove', move);
    document.removeEventListener('mouseup', stop);
  };
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', stop);
}
