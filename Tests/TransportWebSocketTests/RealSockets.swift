// The suites that use real sockets and the process's one client. One of them shuts that client down, and several count
// descriptors or wait for deadlines, so they run one after the other.
import Testing

@Suite(.serialized)
enum RealSockets {}
