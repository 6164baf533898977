import type { X509Certificate } from 'node:crypto';
import { trustedCertificate } from './certificate-chain';
import { SnsRefusal } from './sns-refusal';
import { signerNames } from './sns-urls';

/** A certificate is checked anew after so long. */
const KEPT_MS = 6 * 3_600_000;
/** What was refused is refused again without a look, or a flood of forgeries would be one of requests to AWS. */
const REFUSED_KEPT_MS = 60_000;
const MOST_KEPT = 64;

export interface SigningCertificatesOptions {
  readonly roots: readonly X509Certificate[];
  /** Throws `SnsRefusal` where the server says that there is no such file, and another error where it cannot be reached. */
  readonly fetch: (url: string) => Promise<Buffer>;
  readonly now: () => number;
}

/** The certificates of SNS by their URLs, each fetched and checked once in a while. */
export class SigningCertificates {
  private readonly kept = new Map<string, { readonly untilMs: number; readonly certificate: Promise<X509Certificate> }>();

  constructor(private readonly options: SigningCertificatesOptions) {}

  /** @param url one that has been checked @throws SnsRefusal where it is not SNS's, another error where it cannot be fetched */
  async get(url: string, topicArn: string): Promise<X509Certificate> {
    const nowMs = this.options.now();
    const known = this.kept.get(url);
    if (known !== undefined && known.untilMs > nowMs) return known.certificate;
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
    const certificate = this.fetched(url, topicArn, nowMs);
    this.kept.set(url, { untilMs: nowMs + KEPT_MS, certificate });
    certificate.catch((error: unknown) => {
      if (error instanceof SnsRefusal) this.kept.set(url, { untilMs: nowMs + REFUSED_KEPT_MS, certificate });
      else this.kept.delete(url);
    });
    return certificate;
  }

  private async fetched(url: string, topicArn: string, nowMs: number): Promise<X509Certificate> {
    const { roots, fetch } = this.options;
    const pem = await fetch(url);
    const certificate = await trustedCertificate(pem, { roots, nowMs, fetch }).catch((error: unknown) => {
      throw new SnsRefusal(error instanceof Error ? error.message : String(error));
    });
    if (!signerNames(topicArn).some((name) => certificate.checkHost(name) !== undefined)) throw new SnsRefusal('the signing certificate is not one of SNS');
    return certificate;
  }
}
