// Starts the reference PLC directory, AppView and two PDSes in one process and stays up.
// Python copies this file beside node_modules, sets the environment, and seeds through XRPC.
//
//   PORTS  {"plc":…,"pds":…,"pds2":…,"appview":…,"bsync":…,"control":…}
//   DB_POSTGRES_URL, REDIS_HOST (nothing needs to listen there), TMPDIR
//
// The AppView keeps dev-env's default index time, which equals the claimed time of a record:
// back-dated posts then look as if the network had stood there all along.
//
// GET http://127.0.0.1:<control>/wait answers when the AppView holds all that the PDS has told;
// GET …/suspend?did= tells the AppView that a relay reported the account as suspended;
// GET …/move?did=&wanted= writes into the PLC directory what the account's new server wants;
// GET …/own-domain?handle= makes an account whose DID document this server itself keeps.
import http from 'node:http'
import devEnv from '@atproto/dev-env'
import { Secp256k1Keypair } from '@atproto/crypto'
import { createServiceJwt } from '@atproto/xrpc-server'

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
const [pds, pds2] = await Promise.all([ports.pds, ports.pds2].map((port) => TestPds.create({
  port,
  hostname: 'localhost',
  didPlcUrl: plc.url,
  bskyAppViewUrl: appview.url,
  bskyAppViewDid: appview.ctx.cfg.serverDid,
  enableDidDocWithSession: true,
})))
mockNetworkUtilities(pds, appview)
mockNetworkUtilities(pds2)
let didDocument = null

async function caughtUp() {
  await pds.processAll()
  const told = await pds.ctx.sequencer.curr()
  const giveUpAt = Date.now() + 60_000
  while (Date.now() < giveUpAt) {
    await appview.sub.processAll()
    const held = await appview.sub.runner?.getCursor?.() ?? await appview.sub.getCursor?.()
    if (told == null || held >= told) return appview.sub.processAll() // counts come after records
    await new Promise((resume) => setTimeout(resume, 20))
  }
  throw new Error('the AppView does not catch up')
}

async function move(did, wanted) {
  const change = (last) => ({ ...last, ...wanted })
  await pds.ctx.plcClient.updateData(did, pds.ctx.plcRotationKey, change)
}

async function ownDomain(handle) {
  const did = `did:web:localhost%3A${ports.control}`
  const key = await Secp256k1Keypair.create()
  const document = (publicKey) => ({
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    alsoKnownAs: [`at://${handle}`],
    verificationMethod: [{
      id: `${did}#atproto`, type: 'Multikey', controller: did,
      publicKeyMultibase: publicKey.replace('did:key:', ''),
    }],
    service: [{
      id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: pds.url,
    }],
  })
  didDocument = document(key.did())
  const lxm = 'com.atproto.server.createAccount'
  const jwt = await createServiceJwt({
    iss: did, aud: pds.ctx.cfg.service.did, lxm, keypair: key,
  })
  const call = async (method, body, token) => {
    const answer = await fetch(`${pds.url}/xrpc/${method}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method}: ${text}`)
    return text ? JSON.parse(text) : {}
  }
  const email = `${handle}@voorbeeldstad.example`
  const made = await call(lxm, { did, handle, email, password: 'geheim' }, jwt)
  const told = await call(
    'com.atproto.identity.getRecommendedDidCredentials', undefined, made.accessJwt,
  )
  didDocument = document(told.verificationMethods.atproto)
  await call('com.atproto.server.activateAccount', null, made.accessJwt)
  return made
}

http.createServer(async (request, response) => {
  try {
    const url = new URL(request.url, 'http://127.0.0.1')
    if (url.pathname === '/.well-known/did.json') {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify(didDocument))
    }
    await caughtUp()
    if (url.pathname === '/move') {
      await move(url.searchParams.get('did'), JSON.parse(url.searchParams.get('wanted')))
    }
    if (url.pathname === '/own-domain') {
      return response.end(JSON.stringify(await ownDomain(url.searchParams.get('handle'))))
    }
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
