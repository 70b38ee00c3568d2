// Which message each frame is: the two oneofs.

extension ClientFrame {
  init(wire message: WireClientFrame) throws(WireError) {
    switch message.kind {
    case .hello(let body): self = .hello(try Hello(wire: body))
    case .prove(let body): self = .prove(try Prove(wire: body))
    case .subscribe(let body): self = .subscribe(try Subscribe(wire: body))
    case .push(let body): self = .push(try Push(wire: body))
    case .fetch(let body): self = .fetch(try Fetch(wire: body))
    case .proofs(let body): self = .proofs(try ProofRequest(wire: body))
    case .repair(let body): self = .repair(try Repair(wire: body))
    case .heartbeat(let body): self = .heartbeat(try Heartbeat(wire: body))
    case .goodbye(let body): self = .goodbye(try Goodbye(wire: body))
    case nil: throw .unknownKind
    }
  }

  var wire: WireClientFrame {
    var message = WireClientFrame()
    message.kind =
      switch self {
      case .hello(let body): .hello(body.wire)
      case .prove(let body): .prove(body.wire)
      case .subscribe(let body): .subscribe(body.wire)
      case .push(let body): .push(body.wire)
      case .fetch(let body): .fetch(body.wire)
      case .proofs(let body): .proofs(body.wire)
      case .repair(let body): .repair(body.wire)
      case .heartbeat(let body): .heartbeat(body.wire)
      case .goodbye(let body): .goodbye(body.wire)
      }
    return message
  }
}

extension ServerFrame {
  init(wire message: WireServerFrame) throws(WireError) {
    switch message.kind {
    case .challenge(let body): self = .challenge(try Challenge(wire: body))
    case .welcome(let body): self = .welcome(try Welcome(wire: body))
    case .changes(let body): self = .changes(try Changes(wire: body))
    case .checkpoint(let body): self = .checkpoint(try CheckpointFrame(wire: body))
    case .outcomes(let body): self = .outcomes(try Outcomes(wire: body))
    case .entities(let body): self = .entities(try FetchedEntities(wire: body))
    case .proofs(let body): self = .proofs(try Proofs(wire: body))
    case .repairPage(let body): self = .repairPage(try RepairPage(wire: body))
    case .heartbeat(let body): self = .heartbeat(try Heartbeat(wire: body))
    case .scopeGranted(let body): self = .scopeGranted(try ScopeHead(wire: body))
    case .scopeClosed(let body): self = .scopeClosed(try WireReading.scope(body.scope, "scope_closed.scope"))
    case .goodbye(let body): self = .goodbye(try Goodbye(wire: body))
    case nil: throw .unknownKind
    }
  }

  var wire: WireServerFrame {
    var message = WireServerFrame()
    message.kind =
      switch self {
      case .challenge(let body): .challenge(body.wire)
      case .welcome(let body): .welcome(body.wire)
      case .changes(let body): .changes(body.wire)
      case .checkpoint(let body): .checkpoint(body.wire)
      case .outcomes(let body): .outcomes(body.wire)
      case .entities(let body): .entities(body.wire)
      case .proofs(let body): .proofs(body.wire)
      case .repairPage(let body): .repairPage(body.wire)
      case .heartbeat(let body): .heartbeat(body.wire)
      case .scopeGranted(let body): .scopeGranted(body.wire)
      case .scopeClosed(let scope): .scopeClosed(scope.wireClosed)
      case .goodbye(let body): .goodbye(body.wire)
      }
    return message
  }
}

extension WireError {
  fileprivate static var unknownKind: WireError {
    WireError(.unknownFrame, "The frame is of no kind that this version knows; speak the version that the session chose.")
  }
}
