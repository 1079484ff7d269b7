import { type RegistryApi } from '../api';
import { type IArtifact } from '../types';

/** Bytes of one request: large enough to be fast, small enough to tell how far it is. */
const PART_BYTES = 4 * 2 ** 20;

export interface IUploadWork {
  readonly signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** Where a file lies inside the version: below its folder when a folder was chosen. */
export function pathOf(file: File): string {
  const { webkitRelativePath: path = '' } = file;
  const inFolder = path.split('/').slice(1).join('/');
  return inFolder || file.name;
}

/**
 * Uploads `files` part by part and gives what a version is made of (N21).
 *
 * Aborting or an error cancels every upload that was begun; nothing is registered then.
 */
export async function uploadFiles(
  api: RegistryApi,
  files: readonly File[],
  work: IUploadWork
): Promise<readonly IArtifact[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const begun: string[] = [];
  const artifacts: IArtifact[] = [];
  let before = 0;
  try {
    for (const file of files) {
      const { id } = await api.startUpload();
      begun.push(id);
      await send(api, id, file, work.signal, done => work.onProgress(before + done, total));
      artifacts.push({ ...(await api.finishUpload(id, file.size)), path: pathOf(file) });
      begun.pop();
      before += file.size;
    }
    return artifacts;
  } catch (error) {
    await Promise.allSettled(begun.map(id => api.cancelUpload(id)));
    throw error;
  }
}

/** Uploads one file and gives the session that holds it; it is cancelled when that fails. */
export async function uploadSession(
  api: RegistryApi,
  file: File,
  work: IUploadWork
): Promise<string> {
  const { id } = await api.startUpload();
  try {
    await send(api, id, file, work.signal, done => work.onProgress(done, file.size));
    return id;
  } catch (error) {
    await api.cancelUpload(id).catch(() => undefined);
    throw error;
  }
}

async function send(
  api: RegistryApi,
  id: string,
  file: File,
  signal: AbortSignal,
  onProgress: (done: number) => void
): Promise<void> {
  let offset = 0;
  while (offset < file.size) {
    const part = file.slice(offset, offset + PART_BYTES);
    ({ offset } = await api.appendUpload(id, offset, part, signal));
    onProgress(offset);
  }
  if (signal.aborted) {
    throw new DOMException('The upload was cancelled.', 'AbortError');
  }
}
