import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Captures the payment of an order, with the HTTP server of the JDK. */
class Payment {
  static String member(String json, String pattern) {
    var found = Pattern.compile(pattern).matcher(json);
    if (!found.find()) throw new IllegalArgumentException("no order: " + json);
    return found.group(1);
  }

  public static void main(String[] args) throws Exception {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      var placed = exchange.getRequestHeaders();
      var order = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var id = member(order, "\"orderId\"\\s*:\\s*(\"[^\"]*\")");
      var email = member(order, "\"email\"\\s*:\\s*(\"[^\"]*\")");
      var amount = member(order, "\"total\"\\s*:\\s*([-+.0-9eE]+)");
      var body = "{\"orderId\":%s,\"email\":%s,\"amount\":%s}".formatted(id, email, amount).getBytes(StandardCharsets.UTF_8);
      var reply = exchange.getResponseHeaders();
      reply.set("ce-specversion", "1.0");
      reply.set("ce-id", "payment-of-" + placed.getFirst("ce-id"));
      reply.set("ce-source", "/payment");
      reply.set("ce-type", "payment_captured");
      reply.set("content-type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
