//! A small web server on a port of its own: answers come from a function, what was asked is kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and target, as they stood in the first line.
    pub line: String,
    /// Lines of the head.
    pub head: Vec<String>,
}

impl Asked {
    /// The value of a field, if it was sent.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.iter().filter_map(|line| line.split_once(": "));
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// An answer: status line, fields, content.
pub type Answer = (&'static str, Vec<(&'static str, String)>, Vec<u8>);

/// A running server; dropping it stops it.
pub struct Web {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Web {
    /// Starts a server.
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Web {
        Web::serve(answer, Ok)
    }

    /// Starts a server that answers requests of a method before their content, and hangs up on it.
    pub fn hanging_up_on(
        method: &'static str,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Web {
        Web::run(answer, Ok, method)
    }

    /// Starts a server that speaks TLS.
    pub fn start_encrypted(
        config: Arc<rustls::ServerConfig>,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Web {
        Web::serve(answer, move |stream| {
            let session = rustls::ServerConnection::new(config.clone());
            let session = session.map_err(std::io::Error::other)?;
            Ok(rustls::StreamOwned::new(session, stream))
        })
    }

    /// Starts a server that takes what comes, and says nothing.
    pub fn hanging_up() -> Web {
        Web::serve(
            |_| ("200 OK", Vec::new(), Vec::new()),
            |mut stream: TcpStream| -> std::io::Result<TcpStream> {
                let _ = stream.read(&mut [0; 4096]);
                Err(std::io::ErrorKind::UnexpectedEof.into())
            },
        )
    }

    fn serve<S: Read + Write>(
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
        open: impl Fn(TcpStream) -> std::io::Result<S> + Send + Sync + 'static,
    ) -> Web {
        Web::run(answer, open, "")
    }

    fn run<S: Read + Write>(
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
        open: impl Fn(TcpStream) -> std::io::Result<S> + Send + Sync + 'static,
        refused: &'static str,
    ) -> Web {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the system has a free port");
        let port = listener
            .local_addr()
            .expect("a bound socket has an address")
            .port();
        let (asked, stop) = (Arc::new(Mutex::default()), Arc::new(AtomicBool::new(false)));
        let (kept, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        let (answer, open) = (Arc::new(answer), Arc::new(open));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                let open = Arc::clone(&open);
                // A client that hangs up early is no concern of the server.
                std::thread::spawn(move || {
                    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                    let end = stream.try_clone()?;
                    let stream = open(stream);
                    let served = stream.and_then(|s| serve(s, &kept, &*answer, refused));
                    if !matches!(served, Ok(true)) {
                        hang_up(end);
                    }
                    served.map(drop)
                });
            }
        });
        Web {
            port,
            asked,
            stop,
            thread: Some(thread),
        }
    }

    /// The address of the server.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no thread panics with it").clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Ends a connection after the client has had time to hear the answer: what it said and was not read would make the end
/// a reset, which takes the answer with it.
fn hang_up(mut end: TcpStream) {
    let ended = end.shutdown(Shutdown::Write);
    let rest = ended.and_then(|()| end.set_read_timeout(Some(Duration::from_secs(2))));
    let _ = rest.and_then(|()| std::io::copy(&mut end, &mut std::io::sink()));
}

/// Answers a request; returns whether it was one of the refused method, of which the content is not read.
fn serve<S: Read + Write>(
    stream: S,
    asked: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked) -> Answer,
    refused: &str,
) -> std::io::Result<bool> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(0..=2) => break,
            Ok(_) => {}
            Err(error) => {
                let refusal = b"HTTP/1.0 400 Bad Request\r\n\r\n";
                return reader.get_mut().write_all(refusal).and(Err(error));
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    if lines.is_empty() {
        return Ok(false);
    }
    let line = lines.remove(0);
    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
    let request = Asked { line, head: lines };
    let is_refused = !refused.is_empty() && request.line.starts_with(refused);
    if !is_refused {
        let length = request.field("content-length").and_then(|l| l.parse().ok());
        let mut body = Vec::new();
        let mut content = reader.by_ref().take(length.unwrap_or(0));
        content.read_to_end(&mut body)?;
    }
    let (status, fields, body) = answer(&request);
    asked
        .lock()
        .expect("no thread panics with it")
        .push(request);
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for (name, value) in fields {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", body.len());
    // In one go: the system holds back small pieces, and drops them if the connection ends in a reset.
    let stream = reader.get_mut();
    stream.write_all(&[text.as_bytes(), &body].concat())?;
    stream.flush()?;
    Ok(is_refused)
}
