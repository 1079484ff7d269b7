import { type Kernel } from '@jupyterlab/services';

import { type IMemoryModel, type IModelVersion, type INewVersion } from './types';

/** What the kernel answered when it raised; `message` is the exception's own sentence. */
export class KernelError extends Error {
  constructor(
    message: string,
    readonly exception: string
  ) {
    super(message);
  }
}

const PACKAGE = `__import__('jupyter_modelmgmt.kernel').kernel`;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** The objects in the kernel's memory that may be registered; answers while a cell runs. */
export async function inMemory(kernel: Kernel.IKernelConnection): Promise<IMemoryModel[]> {
  const text = await evaluate(await aside(kernel), `${PACKAGE}.in_memory_json()`);
  return JSON.parse(text) as IMemoryModel[];
}

/**
 * Registers the object behind `variable`.
 *
 * It waits for a running cell: an object that is being trained must not be saved half-way.
 */
export async function register(
  kernel: Kernel.IKernelConnection,
  variable: string,
  form: INewVersion
): Promise<IModelVersion> {
  if (!IDENTIFIER.test(variable)) {
    throw new KernelError(`${variable} is not a variable's name.`, 'NameError');
  }
  // A JSON text is also a Python literal of the same text.
  const literal = JSON.stringify(JSON.stringify(form));
  const text = await evaluate(kernel, `${PACKAGE}.register_from_form(${variable}, ${literal})`);
  return JSON.parse(text) as IModelVersion;
}

/** The text that a Python expression gives; history and counter of the kernel stay as they are. */
async function evaluate(kernel: Kernel.IKernelConnection, expression: string): Promise<string> {
  // As hexadecimal digits the text survives Python's quoting and IPython's line breaking.
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { answer: `(${expression}).encode().hex()` }
  });
  const { content } = await future.done;
  if (content.status !== 'ok') {
    throw new KernelError('The kernel stopped before it answered.', content.status);
  }
  const answer = content.user_expressions['answer'] as unknown as Answer;
  if (answer.status === 'error') {
    throw new KernelError(answer.evalue, answer.ename);
  }
  return fromHex(answer.data['text/plain']);
}

type Answer =
  | { readonly status: 'ok'; readonly data: { readonly 'text/plain': string } }
  | { readonly status: 'error'; readonly ename: string; readonly evalue: string };

function fromHex(repr: string): string {
  const digits = repr.replace(/[^0-9a-f]/g, '').match(/../g) ?? [];
  return new TextDecoder().decode(Uint8Array.from(digits, pair => parseInt(pair, 16)));
}

const asides = new WeakMap<Kernel.IKernelConnection, Promise<Kernel.IKernelConnection>>();

/** A connection to a subshell of `kernel`, which answers while the main shell is busy. */
function aside(kernel: Kernel.IKernelConnection): Promise<Kernel.IKernelConnection> {
  if (!kernel.supportsSubshells) {
    return Promise.resolve(kernel);
  }
  let connection = asides.get(kernel);
  if (!connection) {
    connection = subshellOf(kernel);
    asides.set(kernel, connection);
    connection.catch(() => asides.delete(kernel));
  }
  return connection;
}

async function subshellOf(kernel: Kernel.IKernelConnection): Promise<Kernel.IKernelConnection> {
  const { content } = await kernel.requestCreateSubshell({}).done;
  const connection = kernel.clone({ handleComms: false });
  connection.subshellId = content.subshell_id;
  const drop = () => {
    asides.delete(kernel);
    connection.dispose();
  };
  // A restart ends every subshell.
  kernel.statusChanged.connect((_, status) => {
    if ((status === 'restarting' || status === 'autorestarting') && !connection.isDisposed) {
      drop();
    }
  });
  kernel.disposed.connect(drop);
  return connection;
}
