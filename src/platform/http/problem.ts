import { z } from 'zod';
import { TandemError } from '../../kernel/errors.js';

/** RFC 9457 problem document. `code` is stable; programs switch on it, people read `detail`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** The document for an error that was thrown on purpose. */
export function toProblem(error: TandemError): Problem {
  const { status = 500, title = 'Error', errors, extra } = error.details ?? {};
  return {
    type: `https://tandem.dev/problems/${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(errors && { errors }),
    ...extra,
  };
}
