import { type Kernel } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

import { aside, called, evaluate, KernelError, withVariable } from './kernel';
import { type IMemoryPicture } from './types';

const PACKAGE = `__import__('jupyter_modelmgmt.kernel.asking').kernel.asking`;

/** Larger messages are refused on the way to a kernel. Bytes, a multiple of three: each piece is base64 of its own. */
const PIECE_BYTES = 3 * 2 ** 20;

/** So often a question is put that the kernel drops. */
const TIMES = 5;

/** What an object is asked: through the adapter of the version `like`. */
export interface IObjectQuestion {
  readonly variable: string;
  readonly like: string;
  readonly contentType: string;
}

/** The images in the kernel's memory; answers while a cell runs. */
export async function picturesInMemory(
  kernel: Kernel.IKernelConnection
): Promise<IMemoryPicture[]> {
  const text = await evaluate(await aside(kernel), `${PACKAGE}.pictures_json()`, ended());
  return JSON.parse(text) as IMemoryPicture[];
}

/** The image behind a variable, as if it had been chosen from a folder. */
export async function pictureFrom(
  kernel: Kernel.IKernelConnection,
  variable: string
): Promise<File> {
  const call = `${PACKAGE}.picture_base64(${JSON.stringify(variable)})`;
  const encoded = await evaluate(await aside(kernel), call, ended());
  const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
  return new File([bytes], `${variable}.png`, { type: 'image/png' });
}

/**
 * The JSON that the object behind a variable answers to `body`.
 *
 * It waits for a running cell, which may be changing the object. Aborting ends the question alone: one
 * that waits never begins, and no cell is interrupted.
 */
export async function askObject(
  kernel: Kernel.IKernelConnection,
  question: IObjectQuestion,
  body: Blob,
  signal?: AbortSignal
): Promise<string> {
  const { variable, like, contentType } = question;
  const key = UUID.uuid4();
  const side = await aside(kernel);
  for (let at = 0; at < body.size; at += PIECE_BYTES) {
    signal?.throwIfAborted();
    const piece = await base64(body.slice(at, at + PIECE_BYTES));
    await evaluate(side, `${PACKAGE}.hold('${key}', '${piece}')`, ended(variable));
  }
  signal?.throwIfAborted();
  const stop = () => {
    // A kernel that has gone has nothing to give up.
    evaluate(side, `${PACKAGE}.give_up('${key}')`, ended(variable)).catch(() => undefined);
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const asked = { key, variable, like, content_type: contentType };
    return await persistently(() =>
      evaluate(kernel, called(`${PACKAGE}.ask`, variable, asked), ended(variable))
    );
  } catch (error) {
    throw withVariable(error, variable, 'then ask again');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** A cell that fails takes along all that waits behind it; a question that was not begun is put again. */
async function persistently(ask: () => Promise<string>): Promise<string> {
  for (let left = TIMES; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      const isDropped = error instanceof KernelError && error.exception === 'aborted';
      if (!isDropped || left === 1) {
        throw error;
      }
    }
  }
}

function ended(variable = ''): string {
  const what = variable || 'what is in memory';
  return `The kernel ended or was restarted before it answered. Run the cells that make ${what}, then ask again.`;
}

async function base64(blob: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('The image cannot be read.'));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(',') + 1);
}
