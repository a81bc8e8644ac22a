import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Fetches three parts with the JDK's HttpClient, and tries again whatever goes wrong. */
public class Fetch {
  private static final int TRIES = 3;
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static String part(int number) throws IOException, InterruptedException {
    URI uri = URI.create(System.getenv("COUNTERPART_URL") + "/parts/" + number);
    for (int i = 1;; i++) {
      try {
        HttpResponse<String> response =
            CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200) return response.body();
        if (i == TRIES) throw new IOException("status " + response.statusCode());
      } catch (IOException error) {
        if (i == TRIES) throw error;
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    for (int number = 1; number <= 3; number++) System.out.println(part(number));
  }
}
