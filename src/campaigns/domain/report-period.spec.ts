import { describe, expect, it } from '@jest/globals';
import { resolvePeriod } from './report-period.js';

const JUNE = { from: '2026-06-01', to: '2026-07-01' };

describe('resolvePeriod', () => {
  it('without a wish it is every day on which codes are taken', () => {
    expect(resolvePeriod({}, JUNE)).toEqual({ kind: 'period', period: JUNE });
  });

  it('either end can be asked for', () => {
    expect(resolvePeriod({ from: '2026-06-10' }, JUNE)).toMatchObject({
      period: { from: '2026-06-10', to: '2026-07-01' },
    });
    expect(resolvePeriod({ to: '2026-06-10' }, JUNE)).toMatchObject({
      period: { from: '2026-06-01', to: '2026-06-10' },
    });
  });

  it.each([
    [{ from: '2026-06-10', to: '2026-06-10' }, 'to'],
    [{ from: '2026-06-10', to: '2026-06-09' }, 'to'],
    [{ to: '2026-06-01' }, 'to'],
    [{ from: '2026-07-01' }, 'from'],
  ])('%j has no day, and "%s" is to blame', (asked, field) => {
    expect(resolvePeriod(asked, JUNE)).toMatchObject({ kind: 'faulty', field });
  });

  it('ten years are the most, leap days included', () => {
    expect(resolvePeriod({ from: '2020-01-01', to: '2030-01-01' }, JUNE).kind).toBe('period');
    expect(resolvePeriod({ from: '2020-01-01', to: '2030-01-02' }, JUNE)).toMatchObject({
      kind: 'faulty',
      field: 'to',
    });
  });
});
