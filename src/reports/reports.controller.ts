import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { CampaignReportsService } from './campaign-reports.service.js';
import { renderReport } from './domain/report-answer.js';
import { renderReportCsv } from './report-csv.js';
import {
  type ReportQuery,
  reportQuery,
  reportResponse,
  type ReportResponse,
  toReportQuestion,
} from './reports.dto.js';

const CSV_FILE = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': 'attachment; filename="campaign-report.csv"',
};

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class ReportsController {
  constructor(private readonly reports: CampaignReportsService) {}

  @Get('report')
  @ApiOperation({ summary: 'Every metric of a campaign, with the figures it was made from' })
  @ApiOkResponse({ standardSchema: reportResponse })
  async report(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: reportQuery }) query: ReportQuery,
  ): Promise<ReportResponse> {
    return renderReport(await this.reports.report(principal, id, toReportQuestion(query)));
  }

  @Get('report.csv')
  @ApiOperation({ summary: 'The same report, one row per group and metric' })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    description: 'CSV (RFC 4180) in UTF-8',
    content: { 'text/csv': { schema: { type: 'string' } } },
  })
  async csv(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: reportQuery }) query: ReportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const csv = renderReportCsv(
      renderReport(await this.reports.report(principal, id, toReportQuestion(query))),
    );
    void reply.headers(CSV_FILE);
    return csv;
  }
}
