/** The service said no, and why. `code` is that of the problem document. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Answer<T> {
  readonly body: T;
  /** Whether this was answered with what an earlier, equal request had brought about. */
  readonly isReplay: boolean;
}

interface Content {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/**
 * Talks to Tandem over HTTP as one key, on connections that stay open between requests (fetch keeps them).
 * Nothing is tried twice: what fails throws, with the sentence of the problem document.
 */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  as(key: string): ApiClient {
    return new ApiClient(this.url, key);
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send<T>('GET', path)).body;
  }

  /** An answer that is not JSON, such as a CSV. */
  async text(path: string): Promise<string> {
    return (await this.request('GET', path, {})).text();
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return (await this.send<T>('PUT', path, { body })).body;
  }

  /** With an idempotency key the request may be sent again later and still counts once. */
  async post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
    return (await this.send<T>('POST', path, { body, ...(idempotencyKey && { idempotencyKey }) })).body;
  }

  async delete(path: string): Promise<void> {
    await this.request('DELETE', path, {});
  }

  async send<T>(method: string, path: string, content: Content = {}): Promise<Answer<T>> {
    const response = await this.request(method, path, content);
    const isReplay = response.headers.get('idempotency-replayed') === 'true';
    return { body: (await response.json()) as T, isReplay };
  }

  private async request(method: string, path: string, { body, idempotencyKey }: Content): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    };
    const response = await fetch(this.url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await toError(`${method} ${path}`, response);
    return response;
  }
}

async function toError(request: string, response: Response): Promise<ApiError> {
  const problem = await readProblem(response);
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const sentence = [problem.detail ?? response.statusText, ...fields].join('; ');
  return new ApiError(
    response.status,
    problem.code ?? '',
    `${request} answered ${response.status}: ${sentence}`,
  );
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
