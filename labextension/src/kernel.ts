import { type Kernel } from '@jupyterlab/services';

import { type IAdvice, type IMemoryModel, type IModelVersion, type INewVersion } from './types';

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
const NOTEBOOK_VARIABLE = 'JUPYTER_MODELMGMT_NOTEBOOK';
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Tells a Python kernel which notebook it runs: what the server told it is stale after a rename.
 *
 * `path` may begin with `~`. Nothing is imported for it: most notebooks never register a model.
 */
export async function tellNotebook(kernel: Kernel.IKernelConnection, path: string): Promise<void> {
  const { language_info } = await kernel.info;
  if (language_info.name === 'python') {
    const full = `__import__('os').path.expanduser(${JSON.stringify(path)})`;
    await evaluate(
      kernel,
      `__import__('os').environ.__setitem__('${NOTEBOOK_VARIABLE}', ${full}) or ''`
    );
  }
}

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
  form: INewVersion,
  signal?: AbortSignal
): Promise<IModelVersion> {
  const call = callWith('register_from_form', variable, form);
  const stop = () => void kernel.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return JSON.parse(await evaluate(kernel, call)) as IModelVersion;
  } catch (error) {
    throw withVariable(error, variable, 'then register again');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** What was thrown, told better where the kernel has forgotten the variable that it was asked about. */
export function withVariable(error: unknown, variable: string, next: string): unknown {
  return error instanceof KernelError && error.exception === 'NameError'
    ? new KernelError(
        `The kernel has no variable ${variable} any more. Run the cell that makes it, ${next}.`,
        error.exception
      )
    : error;
}

/** Which part of the number should grow if `variable` were registered; null for a first version. */
export async function advise(
  kernel: Kernel.IKernelConnection,
  variable: string,
  form: Pick<INewVersion, 'name' | 'version' | 'bump'>
): Promise<IAdvice | null> {
  const call = callWith('advice_from_form', variable, form);
  return JSON.parse(await evaluate(await aside(kernel), call)) as IAdvice | null;
}

function callWith(name: string, variable: string, form: object): string {
  return called(`${PACKAGE}.${name}`, variable, form);
}

/** The call of `callee` with the object behind `variable` and the JSON of `form`. */
export function called(callee: string, variable: string, form: object): string {
  if (!IDENTIFIER.test(variable)) {
    throw new KernelError(`${variable} is not a variable's name.`, 'NameError');
  }
  // A JSON text is also a Python literal of the same text.
  return `${callee}(${variable}, ${JSON.stringify(JSON.stringify(form))})`;
}

const ENDED =
  'The kernel ended or was restarted before it answered. Nothing was registered: run the cells again.';

/**
 * The text that a Python expression gives; history and counter of the kernel stay as they are.
 *
 * Throws a `KernelError`, with `ended` for a kernel that ended meanwhile.
 */
export async function evaluate(
  kernel: Kernel.IKernelConnection,
  expression: string,
  ended = ENDED
): Promise<string> {
  // As hexadecimal digits the text survives Python's quoting and IPython's line breaking.
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { answer: `(${expression}).encode().hex()` }
  });
  const { content } = await future.done.catch(() => {
    throw new KernelError(ended, 'KernelEnded');
  });
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
export function aside(kernel: Kernel.IKernelConnection): Promise<Kernel.IKernelConnection> {
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
