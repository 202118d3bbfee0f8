/** Who has to act: the caller (4xx), whoever runs the system (retry, look at a dependency), or the authors (a bug). */
export type ErrorKind = 'user' | 'operational' | 'unexpected';

/** One faulty field; `pointer` is a JSON pointer (RFC 6901) into the request body. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** What the HTTP edge adds to the problem document (RFC 9457); a queue worker ignores it. */
export interface ErrorDetails {
  status?: number;
  title?: string;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  extra?: Record<string, unknown>;
}

/**
 * The only error the application throws on purpose. `code` is stable and public (`campaign.ended`), `message` is a
 * sentence for people and becomes the problem's `detail`, so it must not carry secrets or personal data.
 */
export class TandemError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details?: ErrorDetails,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** 404. Says the same for "does not exist" and "belongs to someone else": ids must not be probed. */
export function notFound(): TandemError {
  return userError(404, 'Not found', 'not-found', 'There is nothing here that you may see.');
}

/** 400: the request does not have the documented shape. */
export function invalidRequest(errors: FieldError[]): TandemError {
  return userError(
    400,
    'Invalid request',
    'request.invalid',
    'The request does not have the expected shape.',
    {
      errors,
    },
  );
}

/** 403: the caller is known and may not do this. */
export function forbidden(detail: string): TandemError {
  return userError(403, 'Forbidden', 'forbidden', detail);
}

/** 409: the request is fine, the present state of the thing is in its way. */
export function conflict(code: string, detail: string, extra?: Record<string, unknown>): TandemError {
  return userError(409, 'Conflict', code, detail, extra && { extra });
}

/** 422: the shape is right and the content breaks a rule. */
export function unprocessable(code: string, detail: string, errors?: FieldError[]): TandemError {
  return userError(422, 'Unprocessable content', code, detail, errors && { errors });
}

/** 412: someone else changed the thing since the caller read it. */
export function preconditionFailed(): TandemError {
  return userError(
    412,
    'Precondition failed',
    'precondition.failed',
    'This has changed since you read it; read it again and repeat the change.',
  );
}

/** 503: something we depend on does not answer; the same request is worth repeating later. */
export function unavailable(detail: string, retryAfterSeconds: number): TandemError {
  return new TandemError('operational', 'service.unavailable', detail, {
    status: 503,
    title: 'Service unavailable',
    retryAfterSeconds,
  });
}

function userError(
  status: number,
  title: string,
  code: string,
  detail: string,
  rest?: Pick<ErrorDetails, 'errors' | 'extra'>,
): TandemError {
  return new TandemError('user', code, detail, { status, title, ...rest });
}
