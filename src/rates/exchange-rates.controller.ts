import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { OperatorPrincipal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import * as dto from './exchange-rates.dto.js';
import { ExchangeRatesService } from './exchange-rates.service.js';

/** Cursors of the list are revisions. */
const REVISION = /^[0-9]{1,18}$/;

@ApiTags('exchange rates')
@Controller('v1')
export class ExchangeRatesController {
  constructor(private readonly rates: ExchangeRatesService) {}

  @Post('exchange-rates')
  @Allow('operator')
  @ApiOperation({
    summary: 'Import up to 1,000 exchange rates, all or none',
    description:
      'A rate is valid from its date until the next one of its pair, for seven days at most, in both directions. ' +
      'Another one for the same pair and date corrects it, but a day that has been converted keeps its rate.',
  })
  @ApiCreatedResponse({ standardSchema: dto.importResponse })
  async import(
    @CurrentPrincipal() principal: OperatorPrincipal,
    @Body({ schema: dto.exchangeRatesRequest }) body: dto.ExchangeRatesRequest,
  ): Promise<dto.ImportResponse> {
    return dto.toImportResponse(await this.rates.import(dto.toRates(body), principal.keyId));
  }

  @Put('exchange-rates.csv')
  @Allow('operator')
  @ApiOperation({
    summary: 'Import a CSV file of exchange rates, all or none',
    description: 'The first line is `from,to,date,rate`; up to 1 MiB. An error names the line.',
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', examples: ['from,to,date,rate\nEUR,USD,2026-06-01,1.0875\n'] } })
  @ApiOkResponse({ standardSchema: dto.importResponse })
  async importFile(
    @CurrentPrincipal() principal: OperatorPrincipal,
    @Body({ schema: dto.exchangeRatesFile }) csv: string,
  ): Promise<dto.ImportResponse> {
    return dto.toImportResponse(await this.rates.importFile(csv, principal.keyId));
  }

  @Get('exchange-rates')
  @Allow('operator', 'admin', 'marketer', 'finance')
  @ApiOperation({ summary: 'List what was imported, in that order, corrections included' })
  @ApiOkResponse({ standardSchema: dto.exchangeRatePage })
  async list(
    @Query({ schema: dto.exchangeRateQuery }) query: dto.ExchangeRateQuery,
  ): Promise<dto.ExchangeRatePage> {
    return dto.toExchangeRatePage(await this.rates.list(query, pageRequest(query, REVISION)));
  }
}
