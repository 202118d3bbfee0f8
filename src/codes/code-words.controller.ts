import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  codeWordPage,
  type CodeWordPage,
  codeWordRequest,
  type CodeWordRequest,
  codeWordResponse,
  type CodeWordResponse,
  toCodeWordPage,
  toCodeWordResponse,
} from './code-words.dto.js';
import { CodeWordsService } from './code-words.service.js';

@ApiTags('codes')
@Controller('v1/offers/:id/code-words')
@Allow('operator', 'admin', 'marketer')
export class CodeWordsController {
  constructor(private readonly words: CodeWordsService) {}

  @Post()
  @ApiOperation({
    summary: 'Add a code word to an offer; 409 names the word it clashes with',
    description:
      'The redeemer has approved the campaign before (409 `offer.not-approved`), unless it issues the codes itself: ' +
      'a word is taken at its tills from now on.',
  })
  @ApiCreatedResponse({ standardSchema: codeWordResponse })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Body({ schema: codeWordRequest }) body: CodeWordRequest,
  ): Promise<CodeWordResponse> {
    return toCodeWordResponse(await this.words.create(principal, offerId, body));
  }

  @Get()
  @ApiOperation({ summary: 'List the code words of an offer, for its issuer and its redeemer' })
  @ApiOkResponse({ standardSchema: codeWordPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<CodeWordPage> {
    return toCodeWordPage(await this.words.list(principal, offerId, pageRequest(query)));
  }

  @Delete(':wordId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a code word for good; another may take its place' })
  @ApiNoContentResponse()
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Param('wordId', { schema: uuid() }) wordId: string,
  ): Promise<void> {
    await this.words.revoke(principal, offerId, wordId);
  }
}
