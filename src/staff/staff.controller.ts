import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { type StaffQuery, staffQuery, staffResponse } from './staff.dto.js';
import { type StaffReport, StaffService } from './staff.service.js';

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Get('staff')
  @ApiOperation({
    summary: 'What the clerks of the own tills redeemed and refused',
    description: 'A partner sees its own clerks and nobody else their names.',
  })
  @ApiOkResponse({ standardSchema: staffResponse })
  async ofPartner(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: staffQuery }) { from, to, partnerId }: StaffQuery,
  ): Promise<StaffReport> {
    return this.staff.ofPartner(principal, id, { ...(from && { from }), ...(to && { to }), partnerId });
  }
}
