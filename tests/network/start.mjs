// Starts the reference PLC directory, AppView and PDS in one process and stays up.
// Python copies this file beside node_modules, sets the environment, and seeds through XRPC.
//
//   PORTS  {"plc":…,"pds":…,"appview":…,"bsync":…,"control":…}
//   DB_POSTGRES_URL, REDIS_HOST (nothing needs to listen there), TMPDIR
//
// The AppView keeps dev-env's default index time, which equals the claimed time of a record:
// back-dated posts then look as if the network had stood there all along.
//
// GET http://127.0.0.1:<control>/wait answers when the AppView holds all that the PDS has told;
// POST …/suspend?did= tells the AppView that a relay reported the account as suspended.
import http from 'node:http'
import devEnv from '@atproto/dev-env'

const { TestPlc, TestBsync, TestBsky, TestPds, mockNetworkUtilities } = devEnv
const ports = JSON.parse(process.env.PORTS)
const dbUrl = process.env.DB_POSTGRES_URL

const plc = await TestPlc.create({ port: ports.plc })
const bsync = await TestBsync.create({
  port: ports.bsync, apiKeys: ['bsync-key'], dbUrl, dbSchema: 'bsync',
})
const appview = await TestBsky.create({
  port: ports.appview,
  publicUrl: `http://localhost:${ports.appview}`,
  plcUrl: plc.url,
  pdsPort: ports.pds,
  repoProvider: `ws://localhost:${ports.pds}`,
  bsyncUrl: bsync.url,
  bsyncApiKey: 'bsync-key',
  dbPostgresUrl: dbUrl,
  dbPostgresSchema: 'appview',
  redisHost: process.env.REDIS_HOST,
})
bsync.ctx.dataplaneClients = [appview.ctx.dataplane]
const pds = await TestPds.create({
  port: ports.pds,
  hostname: 'localhost',
  didPlcUrl: plc.url,
  bskyAppViewUrl: appview.url,
  bskyAppViewDid: appview.ctx.cfg.serverDid,
  enableDidDocWithSession: true,
})
mockNetworkUtilities(pds, appview)

async function caughtUp() {
  await pds.processAll()
  const told = await pds.ctx.sequencer.curr()
  const giveUpAt = Date.now() + 60_000
  while (Date.now() < giveUpAt) {
    await appview.sub.processAll()
    const held = await appview.sub.runner?.getCursor?.() ?? await appview.sub.getCursor?.()
    if (told == null || held >= told) return
    await new Promise((resume) => setTimeout(resume, 20))
  }
  throw new Error('the AppView does not catch up')
}

http.createServer(async (request, response) => {
  try {
    const url = new URL(request.url, 'http://127.0.0.1')
    await caughtUp()
    if (url.pathname === '/suspend') {
      const indexing = appview.sub.indexingSvc
      await indexing.updateActorStatus(url.searchParams.get('did'), false, 'suspended')
    }
    response.end('ok')
  } catch (error) {
    response.statusCode = 500
    response.end(String(error))
  }
}).listen(ports.control, '127.0.0.1')

process.on('unhandledRejection', (error) => console.error('unhandled', error))
process.on('SIGTERM', () => process.exit(0))
console.log('READY')
