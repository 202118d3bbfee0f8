import { describe, expect, it } from '@jest/globals';
import { receiptFingerprint } from './receipt-fingerprint.js';

const receipt = {
  channelId: '0190a000-0000-7000-8000-000000000001',
  number: 'R-1',
  occurredAt: 1_780_000_000_000,
  total: 1_230n,
  costOfGoods: null,
  customerId: null,
};

describe('receiptFingerprint', () => {
  it('is 128 bits in hex and the same for the same receipt, on every machine and in every release', () => {
    expect(receiptFingerprint(receipt)).toBe(receiptFingerprint({ ...receipt }));
    expect(receiptFingerprint(receipt)).toMatch(/^[0-9a-f]{32}$/);
    // SHA-256 of [channel,"R-1",1780000000000,"1230",null,null]. Stored for ever: another value here would turn every repeat of an old receipt into a conflict.
    expect(receiptFingerprint(receipt)).toBe('2913411197341d6cb8d6531ac465b3a0');
  });

  it.each([
    ['channel', { channelId: '0190a000-0000-7000-8000-000000000002' }],
    ['number', { number: 'R-2' }],
    ['instant', { occurredAt: receipt.occurredAt + 1 }],
    ['total', { total: 1_231n }],
    ['cost of goods', { costOfGoods: 1n }],
    ['customer', { customerId: '0190a000-0000-8000-8000-000000000003' }],
  ])('changes with the %s', (_, change) => {
    expect(receiptFingerprint({ ...receipt, ...change })).not.toBe(receiptFingerprint(receipt));
  });

  it('tells goods that cost nothing from goods whose cost nobody said', () => {
    expect(receiptFingerprint({ ...receipt, costOfGoods: 0n })).not.toBe(receiptFingerprint(receipt));
  });

  it('does not let one field run into the next', () => {
    const one = receiptFingerprint({ ...receipt, number: 'R-1",1' });
    expect(one).not.toBe(receiptFingerprint({ ...receipt, number: 'R-1' }));
  });
});
