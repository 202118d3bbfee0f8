import type { ArmOutcomes, Difference, MeasuredHoldOut } from './domain/measure-hold-out.js';
import { scaleInterval } from './domain/interval.js';
import { plain, type Render, renderInterval } from './render-measurement.js';
import type { UpliftResponse } from './uplift.dto.js';

type Answer = UpliftResponse['holdOut'];

/** The comparison as the API gives it; arms are told to the redeemer and the operator, others see the effect. */
export function renderHoldOut(found: MeasuredHoldOut, isOwner: boolean, money: Render): Answer {
  if ('undefined' in found) return found;
  const { treated, heldOut, incrementalCac: cac } = found;
  return {
    ...(isOwner && { treated: renderArm(treated, money), heldOut: renderArm(heldOut, money) }),
    conversionRate: renderDifference(found.conversion, 100, plain),
    revenuePerCustomer: renderDifference(found.revenue, 1, money),
    incrementalCustomers: plain(found.incrementalCustomers),
    incrementalCac: 'undefined' in cac ? cac : { value: money(cac.value) },
  };
}

/** Nothing is divided by 0: arms that are too small are not told. */
function renderArm({ customers, converted, revenue, unconverted }: ArmOutcomes, money: Render) {
  return {
    ...{ customers, converted },
    conversionRate: plain((converted / customers) * 100),
    revenuePerCustomer: unconverted > 0 ? null : money(revenue / customers),
  };
}

function renderDifference(difference: Difference, factor: number, render: Render) {
  return 'value' in difference ? renderInterval(scaleInterval(difference, factor), render) : difference;
}
