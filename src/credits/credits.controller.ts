import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { renderCreditsCsv } from './credits-csv.js';
import { type CreditsQuery, creditsQuery, creditsResponse, type CreditsResponse } from './credits.dto.js';
import { CreditsService } from './credits.service.js';
import { renderCredits } from './domain/credits-answer.js';

const CSV_FILE = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': 'attachment; filename="campaign-attribution.csv"',
};

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class CreditsController {
  constructor(private readonly credits: CreditsService) {}

  @Get('attribution')
  @ApiOperation({
    summary: 'What each attribution model credits to placements, channels or partners, side by side',
    description: 'Redemptions and amounts of every model add up to the totals exactly.',
  })
  @ApiOkResponse({ standardSchema: creditsResponse })
  async attribution(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: creditsQuery }) query: CreditsQuery,
  ): Promise<CreditsResponse> {
    return renderCredits(await this.credits.credits(principal, id, query));
  }

  @Get('attribution.csv')
  @ApiOperation({ summary: 'The same as a table: a row per group, the models side by side' })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    description: 'CSV (RFC 4180) in UTF-8',
    content: { 'text/csv': { schema: { type: 'string' } } },
  })
  async csv(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: creditsQuery }) query: CreditsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const csv = renderCreditsCsv(renderCredits(await this.credits.credits(principal, id, query)));
    void reply.headers(CSV_FILE);
    return csv;
  }
}
