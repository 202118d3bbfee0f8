/** An HTTP answer as tests look at it. `body` is whatever JSON came, to be narrowed by expectations. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

/** Talks to Tandem as one key. Never throws on a status: tests expect it. */
export class Api {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  as(key: string): Api {
    return new Api(this.url, key);
  }

  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send<T>('GET', path, undefined, headers);
  }

  post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    return this.send<T>('POST', path, body, headers);
  }

  put<T = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('PUT', path, body);
  }

  patch<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    return this.send<T>('PATCH', path, body, headers);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** `body` may be a string, sent as it is: for JSON that is not well formed. */
  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as T,
    };
  }

  /** The body of an answer that must have this status. */
  async must<T = Record<string, string>>(status: number, answer: Promise<Answer<unknown>>): Promise<T> {
    const { status: got, text, body } = await answer;
    if (got !== status) throw new Error(`expected ${status}, got ${got}: ${text}`);
    return body as T;
  }
}
