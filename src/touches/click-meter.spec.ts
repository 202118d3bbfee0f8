import { describe, expect, it } from '@jest/globals';
import { type Admission, ClickMeter } from './click-meter.js';

const MINUTE = 60_000;
const limits = { perAddress: 3, perLink: 5 };

function clicks(
  meter: ClickMeter,
  count: number,
  address: string | ((index: number) => string),
  now = 0,
): Admission[] {
  const at = typeof address === 'string' ? () => address : address;
  return Array.from({ length: count }, (_, index) => meter.admit('link', at(index), now));
}

describe('the limits of clicks', () => {
  it('count so many of one address in a minute, and again in the next', () => {
    const meter = new ClickMeter(limits);
    expect(clicks(meter, 4, '192.0.2.1')).toEqual(['counted', 'counted', 'counted', 'address-limit']);
    expect(clicks(meter, 1, '192.0.2.2')).toEqual(['counted']);
    expect(clicks(meter, 1, '192.0.2.1', MINUTE - 1)).toEqual(['address-limit']);
    expect(clicks(meter, 1, '192.0.2.1', MINUTE)).toEqual(['counted']);
  });

  it('count so many on one link, wherever they come from, and leave other links alone', () => {
    const meter = new ClickMeter(limits);
    expect(clicks(meter, 6, (index) => `192.0.2.${index}`)).toEqual([
      ...Array.from({ length: 5 }, () => 'counted'),
      'link-limit',
    ]);
    expect(meter.admit('another', '192.0.2.77', 0)).toBe('counted');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
    ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('take %s and %s for one', (one, other) => {
    const meter = new ClickMeter({ perAddress: 1, perLink: 5 });
    expect(clicks(meter, 2, (index) => (index === 0 ? one : other))).toEqual(['counted', 'address-limit']);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['::1', '2001:db8::1'],
  ])('tell %s from %s', (one, other) => {
    const meter = new ClickMeter({ perAddress: 1, perLink: 5 });
    expect(clicks(meter, 2, (index) => (index === 0 ? one : other))).toEqual(['counted', 'counted']);
  });

  it('keep a bounded number of addresses, and count beyond it by link alone', () => {
    const meter = new ClickMeter({ perAddress: 1, perLink: 1_000_000 });
    clicks(meter, 50_000, (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(clicks(meter, 3, '192.0.2.1')).toEqual(['counted', 'counted', 'counted']);
    expect(clicks(meter, 1, '10.0.0.7')).toEqual(['address-limit']);
  });
});
