//! The thread that listens, and its end.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::reply::{self, Reply};
use crate::routes;
use crate::service::Service;

const LARGEST_BODY: usize = 1024 * 1024;
/// A body beyond the limit is read this far and thrown away, so that its sender gets to read the answer.
const LARGEST_DRAINED: usize = 16 * LARGEST_BODY;

/// A server that runs until it is dropped.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes over the listener, in a thread of its own.
    pub(crate) fn start(
        listener: StdListener,
        tls: Option<Arc<ServerConfig>>,
        service: Arc<Service>,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("oauthapp-emulator".to_owned()).spawn(move || {
            runtime.spawn(listen(listener, tls.map(TlsAcceptor::from), service));
            // Dropping the runtime, right after, closes every socket.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It can only have panicked, and then it is as stopped as it can be.
            let _ = thread.join();
        }
    }
}

async fn listen(listener: TcpListener, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connect(stream, tls.clone(), service.clone()));
            }
            // No file descriptors left, most likely: some will come free.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connect(stream: TcpStream, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    let Ok(local) = stream.local_addr() else { return };
    // An answer is one small write, and somebody is waiting for it.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, local, service).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, local, service).await;
            }
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, local: SocketAddr, service: Arc<Service>) {
    let handler = service_fn(|request| handle(request, local, service.clone()));
    // It fails when the peer goes away or speaks no HTTP; hyper has then said what can be said.
    let _ = http1::Builder::new().half_close(true).serve_connection(TokioIo::new(stream), handler).await;
}

async fn handle(request: Request<Incoming>, local: SocketAddr, service: Arc<Service>) -> Result<Reply, hyper::Error> {
    let (head, body) = request.into_parts();
    Ok(match read(body).await? {
        // Nothing in there waits for anything but SQLite, for a millisecond at most.
        Some(body) => routes::answer(&service, &Request::from_parts(head, body), local),
        None => reply::empty(StatusCode::PAYLOAD_TOO_LARGE),
    })
}

/// The whole body, or `None` if it is too large.
async fn read(mut body: Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let mut whole = Vec::with_capacity(usize::try_from(body.size_hint().lower()).unwrap_or(0).min(LARGEST_BODY));
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length += data.len();
        if length <= LARGEST_BODY {
            whole.extend_from_slice(&data);
        } else if length > LARGEST_DRAINED {
            break;
        }
    }
    Ok((length <= LARGEST_BODY).then(|| whole.into()))
}
