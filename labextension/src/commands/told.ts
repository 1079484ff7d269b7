import { Notification } from '@jupyterlab/apputils';

import { messageOf } from '../model/resource';

/** Says how `work` ended: `done`, or the sentence it was refused with. */
export async function told(work: Promise<unknown>, done: string | null): Promise<boolean> {
  try {
    await work;
  } catch (error) {
    Notification.error(messageOf(error), { autoClose: false });
    return false;
  }
  if (done !== null) {
    Notification.success(done, { autoClose: 5000 });
  }
  return true;
}
