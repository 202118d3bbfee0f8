import { preconditionFailed, TandemError } from '../../kernel/errors.js';

/** The entity tag of a resource that counts its changes. */
export function etag(revision: number): string {
  return `"${revision}"`;
}

/** The revision a client says it has read; 428 when an update comes without `If-Match`. */
export function expectedRevision(ifMatch: string | undefined): number {
  if (ifMatch === undefined) {
    throw new TandemError('user', 'precondition.required', 'Send the ETag you read as If-Match.', {
      status: 428,
      title: 'Precondition required',
    });
  }
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim());
  if (!match) throw preconditionFailed();
  return Number(match[1]);
}
