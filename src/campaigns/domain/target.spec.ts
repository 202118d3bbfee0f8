import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratio } from '../../kernel/ratio.js';
import { fromTargetJson, type Target, TARGET_METRICS, toTargetJson } from './target.js';

describe('the JSON form of a target', () => {
  it('is a decimal string, with the partner only when there is one', () => {
    expect(toTargetJson({ metric: 'newCustomers', partnerId: null, value: ratio(500n, 1n) })).toEqual({
      ...{ metric: 'newCustomers', value: '500' },
    });
    expect(toTargetJson({ metric: 'promoRating', partnerId: 'gym', value: ratio(15n, 4n) })).toEqual({
      ...{ metric: 'promoRating', partnerId: 'gym', value: '3.75' },
    });
  });

  it('is read back without loss', () => {
    const anyTarget = fc.record<Target>({
      metric: fc.constantFrom(...TARGET_METRICS),
      partnerId: fc.constantFrom(null, 'gym'),
      value: fc.bigInt(1n, 10n ** 15n).map((millionths) => ratio(millionths, 1_000_000n)),
    });
    fc.assert(
      fc.property(anyTarget, (target) => {
        expect(fromTargetJson(toTargetJson(target))).toEqual(target);
      }),
    );
  });
});
