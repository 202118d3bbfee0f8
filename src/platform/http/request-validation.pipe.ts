import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { invalidRequest, notFound } from '../../kernel/errors.js';

/** Problems named per answer; a body with thousands of faults does not need thousands of sentences. */
const MAX_ERRORS = 20;

/** Checks bodies, queries and path ids against the zod schema on the parameter. */
@Injectable()
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalidRequest(toFieldErrors(issues)) });
  }

  /** Nothing to strip: parseJsonBody refuses such keys, and looking for them walks the whole body once more. */
  protected override stripProtoKeys(): void {}

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type !== 'param') return super.transform(value, metadata);
    // An id that cannot exist answers like one that does not.
    return super.transform(value, metadata).catch(() => {
      throw notFound();
    });
  }
}

/** Turns schema issues into JSON pointers with a sentence each. */
export function toFieldErrors(
  issues: readonly StandardSchemaV1.Issue[],
): { pointer: string; detail: string }[] {
  return issues
    .slice(0, MAX_ERRORS)
    .map((issue) => ({ pointer: toPointer(issue.path ?? []), detail: issue.message }));
}

function toPointer(path: NonNullable<StandardSchemaV1.Issue['path']>): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
