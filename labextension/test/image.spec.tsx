import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { ImageView } from '../src/components/imageview';
import { TrialImage } from '../src/components/trialimage';
import { predictionRecord } from './records';
import { trans } from './trans';

const image = new File(['pixels'], 'cat.png', { type: 'image/png' });

beforeAll(() => {
  // jsdom has no object URLs.
  Object.assign(URL, { createObjectURL: () => 'blob:image', revokeObjectURL: () => undefined });
});

/** The image as a browser has drawn it, 400 pixels wide. */
function drawn(): HTMLImageElement {
  const found = screen.getByRole<HTMLImageElement>('img', { name: 'cat.png' });
  Object.defineProperties(found, { naturalWidth: { value: 400 }, naturalHeight: { value: 300 } });
  fireEvent.load(found);
  return found;
}

it('an image is zoomed into, out of, and shown whole again', () => {
  render(<ImageView image={image} trans={trans} />);
  const found = drawn();
  expect(screen.getByText('400 × 300')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
  expect(found.style.width).toBe('500px');
  fireEvent.click(screen.getByRole('button', { name: 'Zoom out' }));
  fireEvent.click(screen.getByRole('button', { name: 'Zoom out' }));
  expect(found.style.width).toBe('320px');
  fireEvent.click(screen.getByRole('button', { name: '100 %' }));
  expect(found.style.width).toBe('400px');
  fireEvent.click(screen.getByRole('button', { name: 'Fit' }));
  expect(found.style.width).toBe('');
});

it('an image that is larger than its place is moved by dragging it', () => {
  render(<ImageView image={image} trans={trans} />);
  const frame = drawn().parentElement!.parentElement!;
  frame.scrollLeft = 100;
  frame.scrollTop = 50;
  fireEvent.mouseDown(frame, { button: 0, clientX: 10, clientY: 10 });
  fireEvent.mouseMove(document, { buttons: 1, clientX: -20, clientY: 30 });
  expect([frame.scrollLeft, frame.scrollTop]).toEqual([130, 30]);
  fireEvent.mouseUp(document);
  fireEvent.mouseMove(document, { buttons: 1, clientX: 50, clientY: 30 });
  expect(frame.scrollLeft).toBe(130);
});

it('a file that a browser cannot draw is told, and asked all the same', () => {
  render(<ImageView image={image} trans={trans} />);
  fireEvent.error(screen.getByRole('img', { name: 'cat.png' }));
  expect(screen.getByText(/The browser cannot draw this file/)).toBeTruthy();
});

it('a mask is seen through as much as one likes', () => {
  const mask = { labels: ['cat'], png: 'AAAA', share: { cat: 1 } };
  const outcome = {
    kind: 'ready' as const,
    prediction: predictionRecord({ mask, classes: null }),
    roundTripMs: 1
  };
  const trial = { image, tensors: '{}', inputs: [], outcome, answers: [] };
  const { container } = render(<TrialImage image={image} trial={trial} trans={trans} />);
  drawn();
  fireEvent.change(screen.getByRole('slider', { name: 'Mask' }), { target: { value: '0.25' } });
  const overlay = container.querySelector<HTMLElement>('.jp-modelmgmt-Overlay');
  expect(overlay?.style.opacity).toBe('0.25');
});
