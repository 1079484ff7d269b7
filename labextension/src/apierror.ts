/** An answer of the server that is not a success; `message` is for people. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string
  ) {
    super(message);
  }
}

/** Reads what went wrong from an answer; a proxy or the bare server may answer with a page. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { message, code } = JSON.parse(text) as { message?: string; code?: string };
    if (message) {
      return new ApiError(message, response.status, code ?? '');
    }
  } catch {
    // Not ours: a proxy or the bare server answered with a page.
  }
  return new ApiError(
    `The server answered ${response.status}: ${response.statusText}`,
    response.status,
    ''
  );
}
