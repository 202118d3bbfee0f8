import { describe, expect, it } from '@jest/globals';
import {
  conflict,
  forbidden,
  invalidRequest,
  notFound,
  preconditionFailed,
  TandemError,
  unavailable,
  unprocessable,
} from './errors.js';
import { CurrencyMismatchError, MoneyFormatError } from './money.js';

describe('TandemError', () => {
  it.each([
    [notFound(), 404, 'not-found'],
    [invalidRequest([]), 400, 'request.invalid'],
    [forbidden('no'), 403, 'forbidden'],
    [conflict('campaign.ended', 'no'), 409, 'campaign.ended'],
    [unprocessable('offer.split-incomplete', 'no'), 422, 'offer.split-incomplete'],
    [preconditionFailed(), 412, 'precondition.failed'],
    [new MoneyFormatError('no'), 400, 'money.malformed'],
  ])('%s is for the caller to mend (%d, %s)', (error, status, code) => {
    expect(error).toMatchObject({ kind: 'user', code, details: { status } });
  });

  it('a dependency that is down asks for another try', () => {
    expect(unavailable('The database does not answer.', 5)).toMatchObject({
      kind: 'operational',
      code: 'service.unavailable',
      message: 'The database does not answer.',
      details: { status: 503, retryAfterSeconds: 5 },
    });
  });

  it('mixing currencies is a bug of ours and has no status', () => {
    const error = new CurrencyMismatchError('EUR', 'JPY');
    expect(error).toMatchObject({ kind: 'unexpected', code: 'money.currency-mismatch' });
    expect(error.details).toBeUndefined();
  });

  it('carries the faulty fields and what else the caller needs', () => {
    const errors = [{ pointer: '/receipt/subtotal', detail: 'is required' }];
    expect(invalidRequest(errors).details?.errors).toEqual(errors);
    expect(unprocessable('offer.invalid', 'no', errors).details?.errors).toEqual(errors);
    expect(conflict('code.taken', 'no', { codeId: 'x' }).details?.extra).toEqual({ codeId: 'x' });
  });

  it('is an Error with the name of its class', () => {
    expect(notFound()).toBeInstanceOf(Error);
    expect(notFound().name).toBe('TandemError');
    expect(new MoneyFormatError('no')).toBeInstanceOf(TandemError);
    expect(new MoneyFormatError('no').name).toBe('MoneyFormatError');
  });
});
