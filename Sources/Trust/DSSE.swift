// DSSE pre-authentication encoding: what is really signed, so that bytes chosen by a peer are never signed bare.

package enum DSSE {
  /// `DSSEv1 LEN(type) type LEN(payload) payload`: lengths in bytes, decimal, single spaces between.
  package static func preAuthenticationEncoding(payloadType: String, payload: [UInt8]) -> [UInt8] {
    header(payloadType: payloadType, payloadByteCount: payload.count) + payload
  }

  /// SHA-256 of the encoding: the hash of an envelope.
  package static func digest(_ payload: [UInt8], as type: PayloadType) -> Digest {
    var stream = SHA256Stream()
    stream.update(header(payloadType: type.rawValue, payloadByteCount: payload.count))
    stream.update(payload)
    return stream.finish()
  }

  private static func header(payloadType: String, payloadByteCount: Int) -> [UInt8] {
    [UInt8]("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payloadByteCount) ".utf8)
  }
}

extension SigningKey {
  /// Signs the payload in the given meaning.
  package func sign(_ payload: [UInt8], as type: PayloadType) -> Signature {
    sign(DSSE.preAuthenticationEncoding(payloadType: type.rawValue, payload: payload))
  }
}

extension PublicKey {
  /// Whether this key signed exactly this payload in exactly this meaning.
  package func isValid(_ signature: Signature, over payload: [UInt8], as type: PayloadType) -> Bool {
    isValid(signature, over: DSSE.preAuthenticationEncoding(payloadType: type.rawValue, payload: payload))
  }
}
