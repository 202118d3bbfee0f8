import { z } from 'zod';
import { customerDetails } from '../platform/http/schemas.js';
import { type Arm, ARMS } from './domain/assign-arm.js';

export const assignmentsRequest = z
  .strictObject({ customers: z.array(customerDetails()).min(1).max(1_000) })
  .meta({ id: 'HoldOutCustomers' });
export type AssignmentsRequest = z.output<typeof assignmentsRequest>;

export const assignmentsResponse = z
  .object({
    assignments: z.array(
      z.object({
        arm: z.enum(ARMS).meta({ description: 'held_out: this customer must get no code of the campaign' }),
      }),
    ),
  })
  .meta({ id: 'HoldOutAssignments' });
export type AssignmentsResponse = z.output<typeof assignmentsResponse>;

export function toAssignmentsResponse(arms: readonly Arm[]): AssignmentsResponse {
  return { assignments: arms.map((arm) => ({ arm })) };
}
