import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { ShownOnce } from '../platform/http/idempotency.interceptor.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  apiKeyPageResponse,
  type ApiKeyPageResponse,
  issueApiKeyRequest,
  type IssueApiKeyRequest,
  issuedApiKeyResponse,
  type IssuedApiKeyResponse,
  KEY_ID,
  keyIdText,
  toApiKeyPage,
  toIssuedApiKeyResponse,
} from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('partners')
@Controller('v1/partners/:id/api-keys')
@Allow('operator', 'admin')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ShownOnce('key')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Issue a key; the answer is the only place where it is shown' })
  @ApiCreatedResponse({ standardSchema: issuedApiKeyResponse })
  async issue(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Body({ schema: issueApiKeyRequest }) body: IssueApiKeyRequest,
  ): Promise<IssuedApiKeyResponse> {
    return toIssuedApiKeyResponse(await this.keys.issue(principal, partnerId, body));
  }

  @Get()
  @ApiOperation({ summary: 'List the keys of a partner, revoked ones too' })
  @ApiOkResponse({ standardSchema: apiKeyPageResponse })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<ApiKeyPageResponse> {
    return toApiKeyPage(await this.keys.list(principal, partnerId, pageRequest(query, KEY_ID)));
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key at once' })
  @ApiNoContentResponse({ description: 'The key no longer works' })
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Param('keyId', { schema: keyIdText() }) keyId: string,
  ): Promise<void> {
    await this.keys.revoke(principal, partnerId, keyId);
  }
}
